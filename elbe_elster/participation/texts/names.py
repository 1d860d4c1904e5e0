"""Common first names in Germany, to find names of people in free texts. Words that are also nouns are left out."""

FIRST_NAMES = frozenset(
    """
    Achim Adrian Alexander Alexandra Alfred Ali Alina Amelie Andrea Andreas Andrej Angela Angelika Anja Anke Anna Anne
    Annegret Annelie Anneliese Annett Annette Anni Antje Anton Armin Arne Arthur Astrid Axel Barbara Bärbel Beate Beatrix
    Ben Benjamin Benno Bernd Bernhard Berthold Bettina Birgit Björn Bodo Brigitte Britta Bruno Carina Carla Carmen
    Carola Carolin Carsten Charlotte Christa Christel Christian Christiane Christin Christina Christine Christoph
    Claudia Clemens Conny Cornelia Dagmar Dana Daniel Daniela David Denis Dennis Detlef Diana Dieter Dietmar Dietrich
    Dirk Dominik Doreen Doris Dorothea Edeltraud Eberhard Eckhard Edith Egon Ekkehard Elena Elfriede Elias Elisa
    Elisabeth Elke Ella Ellen Elli Emil Emilia Emma Enrico Erich Erik Erika Ernst Erwin Esther Eugen Eva Evelin Evelyn
    Fabian Falk Fatma Felicitas Felix Ferdinand Finn Florian Franz Franziska Frauke Frieda Friedhelm Friedrich Fritz
    Gabi Gabriele Georg Gerald Gerd Gerda Gerhard Gerlinde Gertrud Gisela Gottfried Grit Gregor Greta Gudrun Günter
    Günther Gustav Hanna Hannah Hannelore Hannes Hans Harald Hartmut Heidemarie Heidi Heidrun Heike Heiko Heiner
    Heinrich Heinz Helena Helene Helga Helmut Henning Henriette Henry Herbert Hermann Hildegard Holger Horst Hubert
    Hugo Ida Ilona Ilse Ina Ines Inge Ingeborg Ingo Ingrid Irene Iris Irmgard Isabel Isabell Ivonne Jacqueline Jakob Jan
    Jana Janina Jannik Jasmin Jens Jessica Joachim Jochen Johann Johanna Johannes Jonas Jonathan Jörg Josef Josefine
    Judith Jule Julia Julian Juliane Julius Jürgen Jutta Kai Karin Karina Karl Karla Karolin Karsten Katharina Kathrin
    Kathleen Katja Katrin Kerstin Kevin Kirsten Klara Klaus Konrad Konstantin Kristin Kristina Kurt Lars Laura Lea Lena
    Leni Leon Leonard Leonie Lieselotte Lilli Lina Linda Linus Lisa Lothar Louis Louisa Luca Lucas Ludwig Luisa Lukas
    Lutz Lydia Maik Maja Malte Mandy Manfred Manja Manuel Manuela Marc Marcel Marco Marcus Maren Margarete Margit
    Margot Margret Maria Marianne Mario Marion Markus Marlene Marlies Marta Martha Martin Martina Mathias Mathilda
    Matthias Maurice Max Maximilian Mehmet Melanie Mia Micha Michael Michaela Mike Milan Mirko Miriam Mohammed Monika
    Monique Moritz Nadine Nadja Nancy Natalie Natascha Nele Nicole Nico Niklas Nils Nina Nora Norbert Olaf Ole Oleg Olga
    Oliver Oskar Otto Patricia Patrick Patrizia Paul Paula Pauline Peggy Peter Petra Philipp Phillip Pia Rainer Ralf
    Ramona Raphael Rebecca Regina Reiner Reinhard Renate Renè René Ricarda Richard Rico Rita Robert Robin Roland Rolf
    Roman Romy Ronald Ronny Rosemarie Rudi Rudolf Rüdiger Ruth Sabine Sabrina Sandra Sara Sarah Sascha Sebastian
    Selina Siegfried Siegrid Sieglinde Sigrid Silke Silvia Silvio Simon Simone Sina Solveig Sonja Sophia Sophie Stefan
    Stefanie Steffen Steffi Stella Stephan Stephanie Susann Susanne Sven Svenja Swetlana Sybille Sylke Sylvia Tamara
    Tanja Tatjana Theo Theodor Theresa Thomas Thorsten Tim Timo Tina Tobias Tom Toni Torsten Udo Ulf Ulla Ulrich Ulrike
    Ursula Ute Uwe Valentin Valentina Vanessa Vera Verena Veronika Viktor Viktoria Vincent Volker Volkmar Waltraud
    Walter Waltraut Wenke Werner Wiebke Wilfried Wilhelm Willi Winfried Wolfgang Wolfram Yannick Yvonne
    """.split()  # noqa: SIM905 - a list of this length is read by lines
)
