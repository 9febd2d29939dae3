"""Words that are names of people too, folded: they go from what nobody reads before it is stored, though the model learned them.

The commonest given names and surnames of families from Mexico and Central America, and of their neighbours. A word that means
something else as well (rosa, luz, cruz) goes all the same: it costs a sentence little, and a name may not stay.
"""

from __future__ import annotations

NAME_WORDS = frozenset(
    """
    abel abraham adan adela adolfo adrian adriana agustin alba alberto alejandra alejandro alex alexander alexis alfonso alfredo
    alicia alma alonso amalia amanda amelia america ana andrea andres andrew angel angela angelica angelina anita anna anthony
    antonia antonio araceli ariana armando arturo ashley astrid aura aurelio aurora axel bartolo beatriz belen benito benjamin
    bernardo berta blanca brandon brayan brenda brian bryan camila candelaria carla carlos carmen carolina catalina cecilia celia
    cesar charles chayo chepe christian christopher clara claudia concepcion consuelo cristian cristina cristobal cruz dani daniel
    daniela dario david deborah delfina delia delmy diana diego dolores domingo dora doris dulce eddy edgar eduardo edwin elena
    elias elizabeth elmer elsa elvira emilio emily emma enrique erick erika ernesto esmeralda esperanza esteban estela ester
    estuardo esther eugenia eva evelyn fabiola fatima felipe felix fernanda fernando flor florencio francisca francisco frank
    fredy gabriel gabriela genesis george gerardo gerson gilberto gilda gladis gladys gloria gonzalo graciela gregorio griselda
    guadalupe guillermo gustavo hector henry hilda hugo humberto ignacio ines ingrid irene iris irma isaac isabel isaias ismael
    israel ivan ixchel jacinto jackie jacob jacqueline jaime james jason javier jazmin jeff jeffrey jennifer jenny jeremias
    jessica jesus joaquin joel john johnny jonathan jorge jose josefina joseph joshua josue juan juana juanita juanito judith
    julia julian julio justin karen karina karla katherine kelly kenia kevin kimberly laura lauro leonardo leonel leonor leslie
    leticia lidia lilian liliana linda lisa lizbeth lola lorena lorenzo lourdes lucas lucia lucio luis luisa lupe lupita luz
    magdalena manuel manuela marco marcos margarita maria mariana maribel marina mario maritza mark marlen marlon marta martha
    martin mary mateo matias matthew mauricio maximo mayra melissa melvin mercedes micaela michael michelle miguel milagros
    mildred milton mireya miriam moises monica nahum nancy natalia nayeli nelly nelson nestor nicolas nicole nidia noe noelia
    noemi nora norma octavio odilia ofelia olga olivia omar orlando oscar osvaldo otto pablo paco pancho paola pascual pati
    patricia patrick paul paula paz pedro pepe perla petrona pilar rafael ramiro ramon raquel raul rebeca rebecca reina rene
    reyna ricardo richard rigoberto rita robert roberto rocio rodolfo rodrigo roger rogelio roland rolando roman romeo ronald
    rosa rosalia rosario rosenda roxana ruben rudy rufino ruth salvador samuel sandra santiago santos sara sarah saul sebastian
    selvin sergio sheila silvia simon sofia sonia soledad stephanie steven susan susana tania teofilo teresa thomas tomas tomasa
    trinidad ulises valentin valeria vanessa veronica vicenta vicente victor victoria vilma violeta virginia viviana walter
    wendy wilber william wilmer wilson xiomara yadira yesenia yesica yolanda zoila
    acevedo aguilar aguirre ajanel ajpop alvarado alvarez anderson arevalo arias avila ayala bac bail barrera barrios batz bautista
    beltran benitez blanco bonilla brown cabrera caceres cac caal cajas calderon calel camacho campos canales canil cano cardenas
    cardona carrillo castaneda castellanos castillo castro chaj chan chavez chavajay chiquito choc chox chun cifuentes coc cojti
    colop contreras cordova coronado cortes cortez cruz cuc cux davis delgado diaz dominguez duarte escobar espinoza estrada
    fernandez figueroa flores franco fuentes galindo gallegos galvez garcia garza gil giron godinez gomez gonzales gonzalez
    guerra guerrero gutierrez guzman hernandez herrera hidalgo ibarra ical ixcoy jackson jimenez johnson jones juarez lainez lara
    lemus leon lima lopez lorenzana lucas lux luna macario macias maldonado marquez marroquin martinez matias mazariegos medina
    mejia melendez mendez mendoza menjivar mendieta meza miller miranda molina monroy montenegro montes morales moran moreno mota
    munoz najera navarro nolasco nunez ochoa orellana orozco ortega ortiz osorio pacheco padilla paredes paz pec pena peralta
    perez pineda pinto pirir ponce portillo poz quiej quintanilla quiroz ramirez ramos ramon renteria reyes reynoso rios rivas
    rivera robles rodas rodriguez rojas romero rosales ruano ruiz sac saenz salazar salgado salinas sanchez sandoval santiago
    santos sic sicay smith solis solorzano soto suarez tahay taylor tecun thompson tiu toc torres trejo trujillo tuc tum tuy tzoc
    tzul valdez valencia valenzuela valle vargas vasquez vazquez vega velasco velasquez velazquez vicente villalobos villanueva
    williams wilson xiloj xitumul xol xon yac yax ybarra zamora zapata zapeta zavala zuniga
    """.split()
)
